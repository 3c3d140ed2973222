"""What every door needs: who asks, the form that was sent, the order before it, and how errors are answered."""
